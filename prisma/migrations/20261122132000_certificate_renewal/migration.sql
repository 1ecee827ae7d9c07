-- When the station was last told to renew the certificate.
ALTER TABLE certificate_request ADD COLUMN renewal_asked_at timestamptz(3);
CREATE INDEX certificate_request_ending_idx ON certificate_request (not_after) WHERE state = 'accepted' AND revoked_at IS NULL;
