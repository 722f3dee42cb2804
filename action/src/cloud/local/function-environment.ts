import type { Variant } from '../../model.ts';

/** Where a function finds the services of its deployment. */
export interface Services {
  readonly s3: string;
  readonly dynamodb: string;
  readonly bucket: string;
  readonly table: string;
}

/** All that a child process gets of this process's environment. */
export function hostEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', TZ: ':UTC' };
}

/**
 * A function's environment variables.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function functionEnvironment(
  variant: Variant,
  taskRoot: string,
  services: Services,
): Record<string, string> {
  return {
    ...hostEnvironment(),
    // No configuration of the person at the machine may be read.
    HOME: taskRoot,
    // On Lambda the task root is read-only: Python can't keep there what it compiles at an import.
    PYTHONDONTWRITEBYTECODE: '1',
    _HANDLER: variant.handler,
    LAMBDA_TASK_ROOT: taskRoot,
    AWS_LAMBDA_FUNCTION_NAME: variant.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(variant.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${variant.name}`,
    AWS_EXECUTION_ENV: `AWS_Lambda_${variant.runtime}`,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_S3: services.s3,
    AWS_ENDPOINT_URL_DYNAMODB: services.dynamodb,
    ...variant.environment,
    // Always those of the run, as on AWS: no other bucket is there.
    S3_BUCKET_NAME: services.bucket,
    DYNAMODB_TABLE: services.table,
  };
}
