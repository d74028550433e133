-- Vectors of different models cannot be compared: a kept chunk remembers which one made its own.
alter table gateway.kept_chunks add column model text;
