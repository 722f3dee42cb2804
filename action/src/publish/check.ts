/** The check run: it begins with the run and ends with a conclusion, whoever reads the comment or not. */
import { DEFAULT_FILE } from '../config/config.ts';
import { change } from '../report/change.ts';
import { plain } from '../report/escape.ts';
import { worsenings } from '../report/outcome.ts';
import { pValue } from '../report/units.ts';
import { describe, pairName } from '../report/words.ts';
import type { Result } from '../result.ts';
import type { Octokit } from './octokit.ts';
import type { Run } from './run-context.ts';

export interface CheckPlace {
  readonly client: Octokit;
  readonly run: Pick<Run, 'owner' | 'repo' | 'sha' | 'url'>;
  readonly name: string;
}

export interface Conclusion {
  readonly conclusion: 'success' | 'neutral' | 'failure' | 'cancelled';
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

export interface Annotation {
  /** Relative to the repository. */
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

/** GitHub takes as many annotations at once, and adds those of the next request to them. */
const ANNOTATIONS_AT_ONCE = 50;
/** GitHub takes 255. */
export const TITLE_CHARACTERS = 250;

/** @returns the check run's id */
export async function startCheck({ client, run, name }: CheckPlace): Promise<number> {
  const { data } = await client.rest.checks.create({
    owner: run.owner,
    repo: run.repo,
    head_sha: run.sha,
    name,
    status: 'in_progress',
    details_url: run.url,
  });
  return data.id;
}

export async function concludeCheck(place: CheckPlace, id: number, conclusion: Conclusion): Promise<void> {
  const { title, summary, annotations } = conclusion;
  const batches = Math.max(1, Math.ceil(annotations.length / ANNOTATIONS_AT_ONCE));
  for (let batch = 0; batch < batches; batch++) {
    const from = batch * ANNOTATIONS_AT_ONCE;
    await place.client.rest.checks.update({
      owner: place.run.owner,
      repo: place.run.repo,
      check_run_id: id,
      conclusion: conclusion.conclusion,
      output: { title, summary, annotations: annotations.slice(from, from + ANNOTATIONS_AT_ONCE) },
    });
  }
}

/** Of a config that is no file of the repository: what GitHub takes for no path leaves the check without an end. */
function placeOf(config: string): string {
  const inside = config.split('/').every((part) => /^[\w.-]+$/.test(part) && part !== '..' && part !== '.');
  return inside ? config : DEFAULT_FILE;
}

/** One for every deciding metric that is worse, at the config file: a benchmark does not know the guilty line. */
export function annotationsOf(result: Result, level: Annotation['annotation_level']): Annotation[] {
  const path = placeOf(result.provenance.config.path);
  return worsenings(result).map(({ pair, comparison }) => {
    const { estimate, interval } = change(comparison.estimate, comparison.lo, comparison.hi);
    const { label } = describe(comparison.metric);
    return {
      path,
      start_line: 1,
      end_line: 1,
      annotation_level: level,
      title: plain(`${pairName(pair)}: ${label} is worse`).slice(0, TITLE_CHARACTERS),
      message: plain(
        `${pair.head} used ${estimate} than ${pair.base} (95 % CI ${interval}, p = ${pValue(comparison.pHolm)} after Holm, ${comparison.n} blocks).`,
      ),
    };
  });
}
