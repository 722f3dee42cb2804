import { gunzipSync, strFromU8 } from 'fflate';
export function siteData() {
  return unpacked('data');
}
/** A run in full; `runs` are those of the site, in their order. */
export function wholeRun(runs, folder) {
  const place = runs.findIndex((run) => run.folder === folder);
  return place < 0 ? null : { folder, result: unpacked(`run-${place}`) };
}
function unpacked(id) {
  const text = document.getElementById(id)?.textContent ?? '';
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return JSON.parse(strFromU8(gunzipSync(bytes)));
}
