-- At most one row: the version that was made the base, which every process follows.

create table if not exists gateway.promotion (
    single boolean primary key default true check (single),
    base text not null,
    since timestamptz not null default clock_timestamp(),
    actor text not null,
    why text not null default ''
);
