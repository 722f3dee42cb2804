import { availableParallelism } from 'node:os';
import type { Artifact, Warning } from '../../model.ts';
import { vcpus } from './limits.ts';
import { canMeter } from './meter.ts';
import { clientOf } from './runtimes.ts';

/**
 * In what this machine is not the Lambda that the variants ask for.
 *
 * @param tools versions by name; `python` and `node` are those that functions ran on.
 */
export function emulationWarnings(
  artifacts: readonly Artifact[],
  tools: Readonly<Record<string, string>>,
): Warning[] {
  return [...machineWarnings(artifacts), ...runtimeWarnings(artifacts, tools)];
}

/** Whoever reads `python3.13` must know what it ran on. */
function runtimeWarnings(
  artifacts: readonly Artifact[],
  { python = '', node = '' }: Readonly<Record<string, string>>,
): Warning[] {
  const runtimes = [...new Set(artifacts.map(({ variant }) => variant.runtime))];
  return runtimes.flatMap((runtime) => {
    const [, language, version] = /^(python|nodejs)([\d.]+?)(?:\.x)?$/.exec(runtime) ?? [];
    const ran = language === 'python' ? python : node;
    if (version === undefined || ran === version || ran.startsWith(`${version}.`)) return [];
    const message = `Variants of runtime ${runtime} ran on this machine's ${language === 'python' ? 'Python' : 'Node'} ${ran}.`;
    return [{ code: 'runtime-not-emulated', message, data: { runtime, ran } }];
  });
}

function machineWarnings(artifacts: readonly Artifact[]): Warning[] {
  const warnings: Warning[] = [];
  if (!canMeter) {
    const message = `CPU time and memory of functions are not known on ${process.platform}: there is no /proc.`;
    warnings.push({ code: 'no-function-metrics', message, data: { platform: process.platform } });
  }
  if (artifacts.some(({ variant }) => clientOf(variant.runtime) === 'aws-lambda-ric')) {
    const message =
      "Node functions run on AWS's own runtime client with its native HTTP part replaced by Node's http, on this machine's Node.";
    warnings.push({ code: 'node-runtime-client', message, data: { node: process.versions.node } });
  }
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const foreign = artifacts.flatMap(({ variant }) =>
    variant.architecture === architecture ? [] : variant.name,
  );
  if (foreign.length > 0) {
    const message = `The local cloud runs everything on this machine's ${architecture}, also ${foreign.join(', ')}: nothing here is about another architecture.`;
    warnings.push({ code: 'architecture-not-emulated', message, data: { architecture } });
  }
  const cores = availableParallelism();
  const most = Math.max(...artifacts.map(({ variant }) => vcpus(variant.memoryMb)));
  if (most > cores) {
    const message = `A variant's memory buys ${most.toFixed(1)} vCPU on Lambda; this machine has ${cores}.`;
    warnings.push({ code: 'too-few-cores', message, data: { vcpus: most, cores } });
  }
  return warnings;
}
