// A process of its own: what the load stage does with the generator's output, for as many requests as asked, and how much
// memory it holds meanwhile. Prints its CPU, s, and RSS, MB: at the end of the first tenth, of each one after it.
import { Journal } from '../../src/load/journal.ts';
import { Recorder } from '../../src/load/recorder.ts';
import { LEAN_HEADER, type Lines, leanLines, requests } from './generate.ts';

const [folder, count] = process.argv.slice(2) as [string, string];
const total = Number(count);
const REQUESTS_A_BLOCK = 3000;
using journal = new Journal(folder);
const recorder = new Recorder(journal);
recorder.push(Buffer.from(LEAN_HEADER));
let text = '';
let done = 0;
let cpuSeconds = 0;
const rss: number[] = [];
for (const lines of requests(total, linesOfBlocks())) {
  text += lines;
  done++;
  if (text.length > 256 * 1024 || done === total) {
    const output = Buffer.from(text);
    const before = process.cpuUsage();
    recorder.push(output);
    const { user, system } = process.cpuUsage(before);
    cpuSeconds += (user + system) / 1e6;
    text = '';
  }
  // Progress lines empty what latencies have piled up, as they do in a run.
  if (done % 1000 === 0) recorder.tally.line([slot()], done * 10);
  if (done % Math.ceil(total / 10) === 0 || done === total) rss.push(process.memoryUsage.rss() / 1e6);
}
recorder.end();
process.stdout.write(`${JSON.stringify({ rss, cpuSeconds, unreadable: recorder.unreadable })}\n`);

function slot() {
  const times = { startMs: 0, measureMs: 0, endMs: total * 10, measuredMs: total * 10 };
  return { block: 0, position: 0, variant: 'a', ...times, rate: 100 };
}

/** Requests as of a run with fresh environments: blocks of four variants, each answered by four environments of its own. */
function linesOfBlocks(): Lines {
  let sent = 0;
  return (timeMs, ms, failed) => {
    const block = Math.floor(sent / REQUESTS_A_BLOCK);
    const variant = 'abcd'[sent % 4]!;
    const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const environment = id(16 * block + (sent % 16));
    return leanLines(timeMs, ms, failed, `${block}_measured_${variant}`, id(sent++), environment);
  };
}
