-- What the client certificates of a station may name beside its id, such as its serial number.
ALTER TABLE station ADD COLUMN certificate_name text;
