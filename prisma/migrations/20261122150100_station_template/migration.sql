-- The template that each station is to follow: the one that it is assigned; else of those whose patterns fit it the one with the highest
-- priority, and of equal ones the first by name. A template without any pattern is only for stations that it is assigned to.
CREATE VIEW station_template AS
  SELECT station.tenant, station.id AS station, followed.name, followed.keys
  FROM station CROSS JOIN LATERAL (
    SELECT template.name, template.keys FROM configuration_template AS template
    WHERE template.tenant = station.tenant AND CASE
      WHEN station.template IS NOT NULL THEN template.name = station.template
      ELSE (template.vendor IS NOT NULL OR template.model IS NOT NULL OR template.firmware IS NOT NULL)
        AND fits_pattern(station.vendor, template.vendor) AND fits_pattern(station.model, template.model) AND fits_pattern(station.firmware_version, template.firmware)
    END
    ORDER BY template.priority DESC, template.name LIMIT 1
  ) AS followed;
