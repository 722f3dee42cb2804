import { describe, expect, it } from 'vitest';
import { keepServices, servicesToKeep } from './botocore-data.ts';

const entries = [
  'botocore/data/endpoints.json',
  'botocore/data/s3/2006-03-01/service-2.json.gz',
  'botocore/data/ec2/2016-11-15/service-2.json.gz',
  'boto3/data/ec2/2016-11-15/resources-1.json',
  'handler.py',
].map((path) => ({ path, data: Buffer.from(''), executable: false }));

describe('the services whose data is kept', () => {
  it('are those that requirements.txt names', () => {
    expect(servicesToKeep('boto3==1.0\n# botocore-data: s3, dynamodb\n')).toEqual(['dynamodb', 's3']);
  });

  it('are all when requirements.txt does not say', () => {
    expect(servicesToKeep('boto3==1.0\n')).toBeNull();
  });

  it('leave what all services share, and what is not botocore data', () => {
    expect(keepServices(entries, ['s3']).map(({ path }) => path)).toEqual([
      'botocore/data/endpoints.json',
      'botocore/data/s3/2006-03-01/service-2.json.gz',
      'boto3/data/ec2/2016-11-15/resources-1.json',
      'handler.py',
    ]);
  });

  it('must exist, so that a misspelt name does not break the function', () => {
    expect(() => keepServices(entries, ['s3', 'dinamo'])).toThrow(/data of dinamo,/);
  });
});
