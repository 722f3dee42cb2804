import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import type { Target } from './cloud/cloud.ts';
import { git } from './git.ts';
import type { Built, Config } from './model.ts';
import type { Result } from './result.ts';
import { toolVersions } from './tools/catalogue.ts';

/** Facts about where and from what the run is made, read once, before its load. */
export async function readProvenance(
  { config, artifacts, base }: Built,
  target: Target,
): Promise<Result['provenance']> {
  const { kind, label, region, limits } = target;
  return {
    createdAt: new Date().toISOString(),
    commit: await git(config.root, 'rev-parse', 'HEAD'),
    base: base === null ? null : { ...base, unchanged: [...base.unchanged] },
    dirty: ((await git(config.root, 'status', '--porcelain')) ?? '') !== '',
    target: { kind, label, region, limits },
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryMb: Math.round(totalmem() / 2 ** 20),
      os: `${type()} ${release()} ${arch()}`,
    },
    tools: {
      node: process.versions.node,
      k6: toolVersions.k6,
      ...target.tools,
      ...Object.assign({}, ...artifacts.map((artifact) => artifact.tools)),
    },
    config: { ...config.file },
    lockfiles: lockfiles(config),
    imports: [],
  };
}

const LOCKFILES = ['requirements.txt', 'Cargo.lock', 'package-lock.json', 'go.sum'];

function lockfiles(config: Config): Record<string, string> {
  const folders = [config.root, ...config.variants.flatMap(({ source }) => upTo(config.root, source))];
  const files = folders
    .flatMap((folder) => LOCKFILES.map((name) => join(folder, name)))
    .filter((path) => existsSync(path));
  return Object.fromEntries(files.map((path) => [relative(config.root, path), sha256(path)]));
}

/** The folder, and those above it up to the root: a workspace has its lock file above its members. */
function upTo(root: string, folder: string): string[] {
  return folder.startsWith(root + sep) ? [folder, ...upTo(root, dirname(folder))] : [folder];
}

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
