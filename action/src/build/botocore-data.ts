import { BuildError } from '../errors.ts';
import type { ZipEntry } from './deterministic-zip.ts';

/**
 * botocore carries 28 MB of API descriptions, of which a function needs its own services'. Which those are cannot be
 * told for sure from code (`boto3.client(name)`), so the source says it, in requirements.txt beside the pin:
 *
 *     # botocore-data: dynamodb s3
 *
 * Without that line nothing is left out.
 *
 * @returns the services to keep, sorted; null for all
 */
export function servicesToKeep(requirements: string): string[] | null {
  const line = /^#[ \t]*botocore-data:(.*)$/m.exec(requirements);
  return line === null
    ? null
    : line[1]!
        .split(/[\s,]+/)
        .filter(Boolean)
        .sort();
}

const SERVICE_FILE = /^botocore\/data\/([^/]+)\//;

/** Leaves the other services' descriptions out; files that all services share stay. Throws BuildError. */
export function keepServices(entries: readonly ZipEntry[], services: readonly string[]): ZipEntry[] {
  const serviceOf = ({ path }: ZipEntry) => SERVICE_FILE.exec(path)?.[1];
  const known = new Set(entries.map(serviceOf));
  const unknown = services.filter((service) => !known.has(service));
  if (unknown.length > 0) {
    throw new BuildError(
      `requirements.txt keeps botocore's data of ${unknown.join(', ')}, which the installed botocore does not have.`,
      'Correct the line `# botocore-data:`; the names are those of boto3.client().',
    );
  }
  return entries.filter((entry) => {
    const service = serviceOf(entry);
    return service === undefined || services.includes(service);
  });
}
