/** Where the numbers come from, complete enough to repeat the run. */
import type { Result } from '../../result.ts';
import { type Block, details, left, paragraph, table } from '../blocks.ts';
import { count, measured, moment, shortHash, UNKNOWN, wallTime } from '../units.ts';
import { listed } from '../words.ts';
import { restoredNames } from './snap-start.ts';

export function provenanceSection(result: Result): Block[] {
  const rows = [...sources(result), ...place(result), ...run(result), ...versions(result)];
  return [
    details('Provenance: commit, machine, versions, order of blocks', [
      table([left('What'), left('Value')], rows),
      ...blockOrder(result),
    ]),
  ];
}

function sources({ provenance }: Result): string[][] {
  const { commit, dirty, base, config, lockfiles, imports } = provenance;
  return [
    ['Commit', `${commit ?? UNKNOWN}${dirty ? ', with uncommitted changes' : ''}`],
    ...(base === null ? [] : [['Base', `${base.commit} (${base.ref})`]]),
    ['Config', config.sha256 === null ? config.path : `${config.path} (SHA-256 ${shortHash(config.sha256)})`],
    ...imports.map(({ variant, file, format, bytes, startedAt, seconds }) => [
      `File of ${variant}`,
      `${file} (${format}, ${count(bytes)} bytes), from ${moment(startedAt)}, ${wallTime(seconds)}`,
    ]),
    ...sorted(lockfiles).map(([path, hash]) => [`Lockfile ${path}`, `SHA-256 ${shortHash(hash)}`]),
  ];
}

function place({ provenance }: Result): string[][] {
  const { target, machine } = provenance;
  return [
    ['Target', `${target.label} (${target.kind}${target.region === null ? '' : `, ${target.region}`})`],
    ['Limits', target.limits],
    [
      'Machine',
      machine === null
        ? UNKNOWN
        : `${machine.cpu}, ${count(machine.cores)} cores, ${count(machine.memoryMb)} MB, ${machine.os}`,
    ],
  ];
}

function run({ provenance, design }: Result): string[][] {
  const pilot = sorted(design.pilotMs).map(([name, ms]) => `${name} ${measured(ms)} ms`);
  return [
    ['Created', moment(provenance.createdAt)],
    ['Load', `from ${moment(design.startedAt)}, ${wallTime(design.loadSeconds)}`],
    ['Profile', `${design.profile}, seed ${design.seed ?? UNKNOWN}`],
    ['Pilot latency', pilot.length === 0 ? UNKNOWN : pilot.join(', ')],
  ];
}

function versions({ provenance, variants }: Result): string[][] {
  const join = (tools: Record<string, string>) =>
    sorted(tools)
      .map(([tool, version]) => `${tool} ${version}`)
      .join(', ');
  const built = variants.flatMap(({ name, artifact }) => (artifact === null ? [] : [{ name, artifact }]));
  const restored = restoredNames(variants);
  return [
    ['Tools', join(provenance.tools)],
    ...(restored.length === 0 ? [] : [['SnapStart', `on for ${listed(restored)}`]]),
    ...built.map(({ name, artifact }) => [`Built ${name} with`, join(artifact.tools)]),
    ...built.map(({ name, artifact }) => [`Artefact ${name}`, `SHA-256 ${artifact.sha256}`]),
  ];
}

/** A soak has hundreds of blocks; all of them stand in result.json. */
const BLOCKS_SHOWN = 120;

/** `A = python, B = rust: AB BA AB`. */
function blockOrder({ design, variants }: Result): Block[] {
  if (design.order.length === 0) return [];
  const letters = new Map(variants.map(({ name }, index) => [name, letter(index)]));
  const legend = variants.map(({ name }, index) => `${letter(index)} = ${name}`).join(', ');
  const shown = design.order
    .slice(0, BLOCKS_SHOWN)
    .map((block) => block.map((name) => letters.get(name) ?? '?').join(''));
  const more = design.order.length - shown.length;
  return [
    paragraph(
      `Order of slots, block by block (${legend}): ${shown.join(' ')}${more > 0 ? ` and ${count(more)} more blocks` : ''}.`,
    ),
  ];
}

/** A..Z, then a number in brackets. */
function letter(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `(${index + 1})`;
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
