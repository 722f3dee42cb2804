/**
 * Every permission that anything here needs, said once: `stacks/setup-stack.ts` makes the roles from it, and a refused
 * call is explained by it.
 */
import { PREFIX, SETUP } from './names.ts';

export interface Permission {
  readonly actions: readonly string[];
  /** ARN pattern, with CloudFormation's pseudo parameters. */
  readonly resource: string;
  /** What it is for; the role's reader wants to know. */
  readonly why: string;
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const ACCOUNT = '$' + '{AWS::AccountId}';
export const PARTITION = '$' + '{AWS::Partition}';
const arn = (service: string, rest: string) => `arn:${PARTITION}:${service}:*:${ACCOUNT}:${rest}`;
const iam = (rest: string) => `arn:${PARTITION}:iam::${ACCOUNT}:${rest}`;

const STACKS = arn('cloudformation', `stack/${PREFIX}-*/*`);
const BUCKETS = `arn:${PARTITION}:s3:::${PREFIX}-*`;
const OBJECTS = `${BUCKETS}/*`;
/** CloudFormation shortens the names of buckets, so that only the keys can tell the packages'. */
const PACKAGES = `${BUCKETS}/*.zip`;
const TEMPLATES = `${BUCKETS}/*.template`;
const FUNCTIONS = arn('lambda', `function:${PREFIX}-*`);
const TABLES = arn('dynamodb', `table/${PREFIX}-*`);
const LOG_GROUPS = arn('logs', `log-group:/${PREFIX}/*`);
const ROLES = iam(`role/${PREFIX}-*`);
const BOUNDARY = iam(`policy/${SETUP.boundary}`);

const toService = (service: string) => ({ StringEquals: { 'iam:PassedToService': service } });
const bounded = { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } };

/** The teardown role: enough to find a run's stacks, empty their buckets and delete them, and nothing else. */
export const TEARDOWN: readonly Permission[] = [
  {
    actions: ['cloudformation:DescribeStacks'],
    resource: '*',
    why: 'the janitor lists all stacks to find the expired ones; a listing cannot be narrowed',
  },
  {
    actions: [
      'cloudformation:DeleteStack',
      'cloudformation:DescribeStackEvents',
      'cloudformation:ListStackResources',
    ],
    resource: STACKS,
    why: 'delete a run, and see what would not be deleted',
  },
  {
    actions: ['iam:PassRole'],
    resource: iam(`role/${SETUP.deployRole}`),
    condition: toService('cloudformation.amazonaws.com'),
    why: 'CloudFormation deletes as the role it created with, also what a person created with none',
  },
  {
    actions: ['s3:ListBucketVersions'],
    resource: BUCKETS,
    why: 'a bucket has to be empty to be deleted',
  },
  {
    actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
    resource: OBJECTS,
    why: 'a bucket has to be empty to be deleted',
  },
];

/** The run role, beyond what the teardown needs. */
export const RUN: readonly Permission[] = [
  {
    actions: ['cloudformation:CreateStack', 'cloudformation:TagResource'],
    resource: STACKS,
    why: 'create a run',
  },
  { actions: ['s3:PutObject'], resource: PACKAGES, why: 'upload deployment packages' },
  {
    actions: ['s3:PutObject', 's3:GetObject'],
    resource: TEMPLATES,
    why: 'a template that is too long to be sent; CloudFormation reads it as its caller',
  },
  {
    actions: [
      'lambda:GetFunctionConfiguration',
      'lambda:UpdateFunctionConfiguration',
      'lambda:InvokeFunction',
      'lambda:InvokeFunctionUrl',
    ],
    resource: FUNCTIONS,
    why: 'wait until a function is active, replace its environments, and call its URL',
  },
  {
    actions: ['lambda:PublishVersion', 'lambda:UpdateAlias'],
    resource: FUNCTIONS,
    why: 'publish versions of a function with SnapStart, and replace its environments by moving its alias',
  },
  { actions: ['logs:FilterLogEvents'], resource: LOG_GROUPS, why: 'read the platform reports' },
  {
    actions: ['lambda:GetAccountSettings'],
    resource: '*',
    why: 'fit the run into the concurrency of the account, which the call is about',
  },
];

/**
 * The role CloudFormation acts as. Reading actions are what its resource handlers check their work with, as the registry
 * lists them for each type (`aws cloudformation describe-type`, "handlers"): create, read and delete.
 */
export const DEPLOY: readonly Permission[] = [
  {
    actions: [
      's3:CreateBucket',
      's3:DeleteBucket',
      's3:PutBucketPolicy',
      's3:GetBucketPolicy',
      's3:DeleteBucketPolicy',
      's3:PutBucketPublicAccessBlock',
      's3:PutEncryptionConfiguration',
      's3:PutLifecycleConfiguration',
      's3:PutBucketTagging',
      's3:TagResource',
    ],
    resource: BUCKETS,
    why: "the run's buckets",
  },
  {
    actions: [
      's3:ListBucket',
      's3:ListTagsForResource',
      's3:GetAccelerateConfiguration',
      's3:GetAnalyticsConfiguration',
      's3:GetBucketAbac',
      's3:GetBucketCORS',
      's3:GetBucketLogging',
      's3:GetBucketMetadataTableConfiguration',
      's3:GetBucketNotification',
      's3:GetBucketObjectLockConfiguration',
      's3:GetBucketOwnershipControls',
      's3:GetBucketPublicAccessBlock',
      's3:GetBucketTagging',
      's3:GetBucketVersioning',
      's3:GetBucketWebsite',
      's3:GetEncryptionConfiguration',
      's3:GetIntelligentTieringConfiguration',
      's3:GetInventoryConfiguration',
      's3:GetLifecycleConfiguration',
      's3:GetMetricsConfiguration',
      's3:GetReplicationConfiguration',
    ],
    resource: BUCKETS,
    why: 'CloudFormation reads what it made, and looks whether it is empty before it deletes it',
  },
  { actions: ['s3:GetObject'], resource: PACKAGES, why: 'Lambda reads the packages' },
  {
    actions: [
      'dynamodb:CreateTable',
      'dynamodb:DeleteTable',
      'dynamodb:DescribeTable',
      'dynamodb:DescribeContinuousBackups',
      'dynamodb:DescribeContributorInsights',
      'dynamodb:DescribeKinesisStreamingDestination',
      'dynamodb:DescribeTimeToLive',
      'dynamodb:GetResourcePolicy',
      'dynamodb:TagResource',
      'dynamodb:ListTagsOfResource',
    ],
    resource: TABLES,
    why: "the run's table",
  },
  {
    actions: [
      'lambda:CreateFunction',
      'lambda:DeleteFunction',
      'lambda:GetFunction',
      'lambda:GetFunctionConfiguration',
      'lambda:GetFunctionCodeSigningConfig',
      'lambda:GetRuntimeManagementConfig',
      'lambda:GetFunctionRecursionConfig',
      'lambda:GetFunctionScalingConfig',
      'lambda:CreateFunctionUrlConfig',
      'lambda:GetFunctionUrlConfig',
      'lambda:DeleteFunctionUrlConfig',
      'lambda:TagResource',
      'lambda:ListTags',
    ],
    resource: FUNCTIONS,
    why: "the run's functions and their URLs",
  },
  {
    actions: [
      'lambda:PublishVersion',
      'lambda:ListVersionsByFunction',
      'lambda:GetProvisionedConcurrencyConfig',
      'lambda:CreateAlias',
      'lambda:GetAlias',
      'lambda:DeleteAlias',
    ],
    resource: FUNCTIONS,
    why: 'the first version and the alias of a function with SnapStart',
  },
  {
    actions: [
      'logs:CreateLogGroup',
      'logs:DeleteLogGroup',
      'logs:PutRetentionPolicy',
      'logs:TagResource',
      'logs:ListTagsForResource',
      'logs:GetDataProtectionPolicy',
    ],
    resource: LOG_GROUPS,
    why: "the functions' logs",
  },
  {
    actions: ['logs:DescribeLogGroups', 'logs:DescribeIndexPolicies', 'logs:DescribeResourcePolicies'],
    resource: '*',
    why: 'CloudFormation looks a log group and its policies up by listing; a listing cannot be narrowed',
  },
  {
    actions: ['iam:CreateRole', 'iam:PutRolePolicy'],
    resource: ROLES,
    condition: bounded,
    why: "the functions' roles, only within the boundary",
  },
  {
    actions: [
      'iam:GetRole',
      'iam:GetRolePolicy',
      'iam:ListRolePolicies',
      'iam:ListAttachedRolePolicies',
      'iam:DeleteRolePolicy',
      'iam:DeleteRole',
      'iam:TagRole',
    ],
    resource: ROLES,
    why: "the functions' roles",
  },
  {
    actions: ['iam:PassRole'],
    resource: ROLES,
    condition: toService('lambda.amazonaws.com'),
    why: 'a function gets its role',
  },
];

/** The most that any function of a run may do, whatever its own role says. */
export const BOUNDARY_OF_FUNCTIONS: readonly Permission[] = [
  { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resource: LOG_GROUPS, why: 'its log group' },
  {
    actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
    resource: OBJECTS,
    why: "objects of the run's bucket",
  },
  {
    actions: [
      'dynamodb:PutItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:DescribeTable',
    ],
    resource: TABLES,
    why: "items of the run's table",
  },
];
