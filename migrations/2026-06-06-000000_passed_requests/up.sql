-- Requests of which a later one was accepted first: they come too late, whatever the clocks say.
CREATE TABLE on_prem_passed (
    uid TEXT NOT NULL REFERENCES on_prems (uid),
    nonce TEXT NOT NULL,
    PRIMARY KEY (uid, nonce)
);
