/** What makes text of a stranger harmless, wherever it is shown. */
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { SaxesParser } from 'saxes';
import { parseAddress, writeAddress } from '../../src/commands/site/client/address.ts';
import { element, label, tooltip } from '../../src/report/charts/svg.ts';
import { attributeText, htmlText, plain, text } from '../../src/report/escape.ts';
import { hostileText } from '../../test/fixtures/arbitrary-result.ts';
import { damagedText, WORDS } from '../damage.ts';
import { must, type Target, target } from '../target.ts';

const strangers = () =>
  fc.oneof(
    hostileText(),
    damagedText(hostileText()),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc
      .array(fc.constantFrom(...WORDS, '-->', ']]>', '<![CDATA[', '<!--', '&#x0;', '\ufffe', '\u0085'), {
        maxLength: 6,
      })
      .map((parts) => parts.join('')),
  );

const html = (markdown: string) =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

export function escapeTargets(): Target[] {
  return [
    target('escape-markdown', 300, strangers(), (raw) => {
      const seen = plain(raw);
      must(!/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(seen), 'plain text is one line of whole characters');
      if (seen === '') return;
      must(/^<p>[^<>]*<\/p>\s*$/.test(html(text(raw))), 'text is a paragraph without markup');
      const summary = html(`<details>\n<summary>${htmlText(raw)}</summary>\n\nbody\n\n</details>`);
      must(!/<(?!\/?(details|summary|p)>)/.test(summary), 'text of an element brings no element');
      must(!/["<>]/.test(attributeText(raw)), 'text of an attribute stays in it');
    }),
    target('escape-svg', 300, fc.tuple(strangers(), strangers()), ([raw, other]) => {
      const svg = element(
        'svg',
        { 'aria-label': plain(other) },
        label(1, 2, raw),
        element('g', {}, tooltip(raw)),
      );
      must(namesIn(svg).join() === 'svg,text,g,title', 'an SVG has our elements only');
    }),
    target('address', 300, fc.tuple(strangers(), strangers()), ([hash, run]) => {
      parseAddress(hash);
      const address = { q: hash.toWellFormed(), filters: {}, run: run.toWellFormed() };
      must(
        JSON.stringify(parseAddress(writeAddress(address))) === JSON.stringify(address),
        'an address leads back',
      );
    }),
  ];
}

/** Names of elements in order; throws where the document is not well-formed. */
export function namesIn(svg: string): string[] {
  const names: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => names.push(name));
  parser.write(svg).close();
  return names;
}
