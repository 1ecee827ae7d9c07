import { serveParent } from '../process/serve-parent.js';
import { Fleet } from './fleet.js';
import type { LoadClientApi } from './load-client-api.js';

const fleet = new Fleet();
serveParent<LoadClientApi>({
  target: (target) => fleet.target(target),
  open: (options) => fleet.open(options),
  start: (drive) => fleet.start(drive),
  stop: () => fleet.stop(),
  storm: (options) => fleet.storm(options),
});
