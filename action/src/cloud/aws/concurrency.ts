import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DeployError } from '../../errors.ts';
import type { Warning } from '../../model.ts';

/** What a run asks of the account: slots follow each other, so one function is busy at a time. */
export interface ConcurrencyNeed {
  /** Concurrent requests that open a slot. */
  readonly environments: number;
  /** Highest requests per second of any window. */
  readonly rate: number;
}

export interface Concurrency {
  /** What the opening burst may have; fewer than asked comes with a warning. */
  readonly environments: number;
  readonly warnings: readonly Warning[];
}

/** What a request is taken to keep an environment busy in a measured window, s: an assumption, since nothing has run yet. */
const BUSY_SECONDS = 0.2;
/** Service Quotas' name of the limit; a new account may have 10 (Lambda developer guide, "Lambda quotas"). */
const QUOTA = { code: 'L-B99A9384', name: 'Concurrent executions' };

/**
 * Asks what the account may run at once and fits the run into it, because a throttled run measures the limit.
 *
 * @throws DeployError when the windows' rate cannot be served, or the question is not permitted.
 */
export async function fitConcurrency(
  lambda: LambdaClient,
  need: ConcurrencyNeed,
  region: string,
): Promise<Concurrency> {
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
  const total = AccountLimit?.ConcurrentExecutions;
  const free = AccountLimit?.UnreservedConcurrentExecutions ?? total;
  return total === undefined || free === undefined
    ? { environments: need.environments, warnings: [unknownLimit(region)] }
    : fitted({ total, free, region }, need);
}

interface Limit {
  readonly total: number;
  /** What no function has reserved for itself. */
  readonly free: number;
  readonly region: string;
}

function fitted(limit: Limit, need: ConcurrencyNeed): Concurrency {
  const forWindows = Math.ceil(need.rate * BUSY_SECONDS);
  if (limit.free < forWindows) throw tooSmall(limit, need.rate, forWindows);
  if (limit.free >= need.environments) return { environments: need.environments, warnings: [] };
  return { environments: limit.free, warnings: [reduced(limit, need.environments)] };
}

function tooSmall({ total, free, region }: Limit, rate: number, needed: number): DeployError {
  const lower = Math.floor(free / BUSY_SECONDS);
  return new DeployError(
    `This account may run ${free} unreserved of ${total} concurrent Lambda executions in ${region}; windows of ${rate} requests a second need ${needed}.`,
    `Ask for more of the quota "${QUOTA.name}": aws service-quotas request-service-quota-increase --region ${region} --service-code lambda --quota-code ${QUOTA.code} --desired-value 1000` +
      (lower >= 1 ? `\nOr set load.rate to ${lower} or less in the config.` : ''),
  );
}

function reduced({ total, free, region }: Limit, asked: number): Warning {
  return {
    code: 'concurrency-limit',
    message:
      `Slots open with ${free} concurrent requests instead of ${asked}, because this account may run ${free} unreserved of ` +
      `${total} concurrent executions in ${region} (quota ${QUOTA.code}): fewer cold starts are seen.`,
    data: { asked, environments: free, total, region },
  };
}

function unknownLimit(region: string): Warning {
  const message = `Lambda did not tell how many concurrent executions this account may have in ${region}; it may throttle the run.`;
  return { code: 'concurrency-unknown', message, data: { region } };
}
