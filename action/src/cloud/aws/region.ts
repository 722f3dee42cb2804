import { ConfigError } from '../../errors.ts';

/** Every region's name so far: two letters, words, one digit; e.g. `us-east-1`, `us-gov-west-1`, `ap-southeast-2`. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/**
 * The SDK makes host names of whatever it is given, and would then fail to resolve them.
 *
 * @throws ConfigError when it does not look like a region's name.
 */
export function checkedRegion(region: string): string {
  if (REGION.test(region)) return region;
  throw new ConfigError(
    region === '' ? 'No AWS region is given.' : `"${region}" is not the name of an AWS region.`,
    'Give one such as us-east-1: as `region` of the config, as `aws-region` of the action, or for other commands as --region or AWS_REGION.',
  );
}
