import { cgroupV1 } from './cgroup-v1.ts';
import { type Limits, openRoom } from './limits.ts';
import { canMeter } from './meter.ts';
import { systemdScopes } from './systemd-scope.ts';

/** The best way to limit CPU that this machine allows us; the report says which. */
export async function chooseLimits(runId: string): Promise<Limits> {
  return (await cgroupV1(runId)) ?? (await systemdScopes()) ?? unlimited;
}

const unlimited: Limits = {
  description: `CPU not limited; memory ${canMeter ? 'watched from outside' : 'not limited'}`,
  warnings: [
    {
      code: 'cpu-not-limited',
      message:
        'CPU was not limited to the share that the memory size buys on Lambda: neither a writable cgroup v1 cpu controller nor systemd-run was found.',
      data: {},
    },
  ],
  enclose: () => openRoom,
  async dispose() {},
};
