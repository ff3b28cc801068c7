DROP TABLE on_prem_events;
