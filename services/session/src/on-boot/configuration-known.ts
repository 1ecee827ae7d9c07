/**
 * A condition: all that a station has was read with this firmware, and none of it waits for a restart. Of what does, only a reading after the
 * restart tells what became of it.
 */
export function configurationKnown(tenant: string, station: string, firmwareVersion: string): string {
  return `(
    EXISTS (SELECT FROM configuration_snapshot AS known
      WHERE known.tenant = ${tenant} AND known.station = ${station} AND known.firmware_version IS NOT DISTINCT FROM ${firmwareVersion})
    AND NOT EXISTS (SELECT FROM configuration_key AS waiting
      WHERE waiting.tenant = ${tenant} AND waiting.station = ${station} AND waiting.pending_value IS NOT NULL))`;
}
