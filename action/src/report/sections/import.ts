/** What another load generator's output leaves unsaid: the first thing to know about a result made of it. */
import type { Result } from '../../result.ts';
import { type Block, bullets, heading, paragraph } from '../blocks.ts';
import { isImport } from '../words.ts';

export function importSection(result: Result): Block[] {
  if (!isImport(result)) return [];
  return [heading(2, 'What cannot be known'), paragraph(LEAD), bullets(UNKNOWN_FACTS)];
}

const LEAD = "This result was made of k6's own output, which tells what the client saw and nothing else.";

const UNKNOWN_FACTS = [
  'Duration, Billed Duration, Init Duration, memory, CPU and cost are the platform’s to tell; none of them is here, and no verdict rests on them.',
  'Which execution environment answered is not told: cold starts and warm-up are among the latencies, and requests of one environment resemble each other, so that intervals are rather too narrow than too wide.',
  'Client latency holds the network, the gateway and the load generator’s own waiting, which cannot be taken apart.',
  'Which address each request went to is not looked at: requests to several are in every number together.',
  'What was deployed, with how much memory, where, and what machine sent the load is not told; nor are requests that k6 interrupted at its end, which it drops without a trace.',
];
