// `node .github/soak-config.mjs OUT`: the repository's config with the load that the form of soak.yml asks for. What is no
// number is refused when the benchmark reads it, with its line.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseDocument } from 'yaml';

const { BLOCKS = '', RATE = 'auto' } = process.env;
const [out = 'benchmark.yml'] = process.argv.slice(2);
const config = parseDocument(readFileSync('.github/benchmark.yml', 'utf8'));
config.setIn(['load', 'blocks'], Number(BLOCKS));
config.setIn(['load', 'rate'], RATE === 'auto' ? RATE : Number(RATE));
writeFileSync(out, String(config));
