import { ACCOUNT, DEPLOY, PARTITION, RUN, TEARDOWN } from './permissions.ts';

/**
 * The statement that would allow an action. Where it is one of ours it covers every run, not just the resource refused.
 *
 * @param words of the refusal: they name the identity, and so the account and the partition
 */
export function policyLine(action: string, resource: string, words: string): string {
  const known = [...TEARDOWN, ...RUN, ...DEPLOY].find(({ actions }) => actions.includes(action));
  const { partition = 'aws', account = '*' } =
    /arn:(?<partition>[\w-]+):(?:iam|sts)::(?<account>\d{12}):/.exec(words)?.groups ?? {};
  const statement = {
    Effect: 'Allow',
    Action: action,
    Resource: known?.resource ?? resource,
    ...(known?.condition !== undefined && { Condition: known.condition }),
  };
  return JSON.stringify(statement).replaceAll(PARTITION, partition).replaceAll(ACCOUNT, account);
}
