/** The config file's shape; `action/benchmark.schema.json` is generated from it for editors. */
import { z } from 'zod';

const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,38}$/,
    'a name is 1 to 39 lower-case letters, digits and hyphens, and starts with a letter',
  );

/** What is given to a process or to Lambda as a word of its own. */
const word = z.string().regex(/^\P{Cc}+$/u, 'it must not be empty, nor have control characters in it');
const withoutNul = z.string().refine((text) => !text.includes('\0'), 'it has a NUL character in it');

export const MemorySchema = z.int().min(128).max(10240);
export const TimeoutSchema = z.int().min(1).max(900);
export const ArchitectureSchema = z.enum(['x86_64', 'arm64']);

const variable = z
  .string()
  .regex(/^[A-Za-z]\w*$/, 'a variable is named by letters, digits and underscores, and starts with a letter');

const CommandSchema = z.strictObject({
  run: withoutNul.min(1).describe('Shell command; runs in the source folder, with LAMBDA_ARCHITECTURE set.'),
  package: word.describe('The zip that it makes, relative to the source folder.'),
});

const PermissionSchema = z.strictObject({
  actions: z.array(z.string().regex(/^[a-z0-9-]+:[A-Za-z*]+$/, 'an action is service:Action')).min(1),
  resources: z.array(z.string().regex(/^(arn:.+|\*)$/, 'a resource is an ARN, or *')).min(1),
});

export const VariantSchema = z.strictObject({
  name: name.describe('Unique name of the variant; it stands in every table.'),
  source: word.describe('Folder of the function, relative to the repository (kind zip: the zip file).'),
  build: z
    .enum(['python', 'node', 'go', 'cargo-lambda', 'maturin', 'zip', 'command'])
    .describe('How the deployment package is made.'),
  command: CommandSchema.optional().describe('For kind command, and only there: what makes the package.'),
  runtime: word.describe('Lambda runtime identifier, e.g. python3.13 or provided.al2023.'),
  handler: word.describe('Handler as Lambda expects it, e.g. handler.handler, or bootstrap.'),
  architecture: ArchitectureSchema.default('x86_64').describe(
    'Instruction set on AWS; a local run uses the machine’s own.',
  ),
  memory: MemorySchema.default(1769).describe('MB; Lambda gives memory / 1769 vCPU.'),
  timeout: TimeoutSchema.default(10).describe('Seconds.'),
  snapStart: z
    .boolean()
    .optional()
    .describe(
      'Restore environments from a snapshot of an initialised one; on AWS only, with java11, python3.12, dotnet8 or newer.',
    ),
  environment: z
    .record(variable, withoutNul)
    .default({})
    .describe(
      'Environment variables of the function; S3_BUCKET_NAME and DYNAMODB_TABLE are always those of the run.',
    ),
  buildEnvironment: z
    .record(variable, withoutNul)
    .default({})
    .describe(
      "Environment variables of the build, e.g. a compiler's switches; the report lists them with its flags.",
    ),
  permissions: z
    .array(PermissionSchema)
    .optional()
    .describe('What the function may do on AWS beyond writing to the bucket and the table of the run.'),
});

const PairSchema = z.strictObject({
  base: name.describe('Variant to compare against.'),
  head: name.describe('Variant that is judged: ratios are head / base.'),
});

const LoadSchema = z.strictObject({
  rate: z
    .union([z.literal('auto'), z.number().positive().max(10_000)])
    .optional()
    .describe(
      'Requests per second in measured windows; auto: a pilot chooses a rate that does not saturate the machine.',
    ),
  environments: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('Concurrent requests that open a slot, so at least this many execution environments serve it.'),
  warmup: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe('Invocations of an environment kept out of latency metrics, after the cold one.'),
  blocks: z.int().min(1).max(1000).optional().describe('Blocks of the run; overrides the profile.'),
  slotSeconds: z
    .number()
    .min(2)
    .max(600)
    .optional()
    .describe('Seconds of one slot; overrides the profile, but for one of cold starts.'),
});

/** RFC 9110, 5.1 and 5.5; what is beyond ASCII no two clients send alike. */
const header = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a header has no such name');
const headerValue = z.string().regex(/^[ -~]*$/, 'a header has printable ASCII characters only');

const RequestSchema = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
    path: z
      .string()
      .regex(/^\/[^\s\p{Cc}]*$/u, 'a path starts with / and has no spaces')
      .default('/')
      .describe('Path and query behind the Function URL.'),
    headers: z.record(header, headerValue).default({}),
    body: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .describe('Text as it is, or a mapping that is sent as JSON.'),
  })
  .refine(
    ({ method, body }) => method !== 'GET' || body === undefined,
    'a GET request has no body; give method: POST',
  );

const MatrixSchema = z.strictObject({
  memory: z.array(MemorySchema).min(1).optional(),
  architecture: z.array(ArchitectureSchema).min(1).optional(),
});

export const FileSchema = z.strictObject({
  variants: z.array(VariantSchema).min(1).describe('The functions to measure.'),
  matrix: MatrixSchema.optional().describe(
    'A sweep: every variant is measured once per memory size and architecture, and pairs are compared cell by cell.',
  ),
  pairs: z
    .array(PairSchema)
    .min(1)
    .optional()
    .describe('What is compared with what; default: the first variant against each other one.'),
  load: LoadSchema.default({}).describe('Overrides of the profile.'),
  request: RequestSchema.optional().describe('What is sent to every variant; default: GET /.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region is named as us-east-1 is')
    .default('us-east-1')
    .describe('Region whose prices the cost uses.'),
  coldShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.001)
    .describe('Share of invocations taken as cold in the cost estimate.'),
});

export type ConfigFile = z.infer<typeof FileSchema>;
