// `node .github/soak-config.mjs OUT`: the repository's config with the rate that the form of soak.yml asks for, which is
// refused, with its line, when the benchmark reads it and it is no number.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseDocument } from 'yaml';

const { RATE = 'auto' } = process.env;
const [out = 'benchmark.yml'] = process.argv.slice(2);
const config = parseDocument(readFileSync('.github/benchmark.yml', 'utf8'));
config.setIn(['load', 'rate'], RATE === 'auto' ? RATE : Number(RATE));
writeFileSync(out, String(config));
