DROP TABLE on_prem_passed;
