-- The guard also keeps whose jobs a service failed first: where these are one version's users, somebody is told.
alter table gateway.guard_events drop constraint guard_events_question_check;
alter table gateway.guard_events add constraint guard_events_question_check
    check (question in ('failures', 'time', 'dependencies'));
