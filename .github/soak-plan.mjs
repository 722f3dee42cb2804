// `node .github/soak-plan.mjs >> "$GITHUB_OUTPUT"`: which parts of the load the machines of soak.yml send, and what they
// must have in common to be merged: the order of slots, and the moment at which all begin.
import { randomInt } from 'node:crypto';

/**
 * How long a machine may need to be approved, build and deploy. One that is not ready by then says so in the result; one
 * whose job only begins later, as after a late approval, is refused on AWS before it deploys.
 */
const { SHARDS = '1', LEAD_MINUTES = '30' } = process.env;
const count = Number(SHARDS);
const shards = Array.from({ length: count }, (_, at) => ({ index: at + 1, part: `${at + 1}/${count}` }));
const beginning = new Date(Date.now() + Number(LEAD_MINUTES) * 60_000).toISOString();
const outputs = {
  shards: JSON.stringify(shards),
  seed: randomInt(0x1_0000_0000),
  'start-at': count > 1 ? beginning : '',
};
for (const [name, value] of Object.entries(outputs)) process.stdout.write(`${name}=${value}\n`);
