import { gunzipSync, strFromU8 } from 'fflate';
import type { Result } from '../../../result.ts';
import type { Kept, SiteData } from '../kept.ts';

export function siteData(): SiteData {
  return unpacked('data') as SiteData;
}

/** A run in full; `runs` are those of the site, in their order. */
export function wholeRun(runs: readonly Kept[], folder: string): Kept | null {
  const place = runs.findIndex((run) => run.folder === folder);
  return place < 0 ? null : { folder, result: unpacked(`run-${place}`) as Result };
}

function unpacked(id: string): unknown {
  const text = document.getElementById(id)?.textContent ?? '';
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return JSON.parse(strFromU8(gunzipSync(bytes)));
}
