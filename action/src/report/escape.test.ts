import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { hostileText } from '../../test/fixtures/arbitrary-result.ts';
import { htmlText, plain, text } from './escape.ts';

function rendered(markdown: string): string {
  return micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
}

/** What a reader sees: entities decoded, the separators of `text` removed. */
function seen(html: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return html
    .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => entities[name] ?? '')
    .replaceAll('\u200b', '');
}

describe('text', () => {
  it.each([
    ['python3.13 on x86_64', 'python3.13 on x86_64'],
    ['~ inconclusive', '~ inconclusive'],
    ['CPU @ 2.00GHz, 12:34:56', 'CPU @ 2.00GHz, 12:34:56'],
    ['1.5', '1.5'],
    ['--release', '--release'],
  ])('leaves harmless words alone: %s', (raw, escaped) => {
    expect(text(raw)).toBe(escaped);
  });

  it.each([
    ['@octocat', '@&#8203;octocat'],
    ['a@.b', 'a@&#8203;.b'],
    ['see #12', 'see #&#8203;12'],
    ['https://evil.example', 'https:&#8203;//evil.example'],
    ['www.evil.example', 'www&#8203;.evil.example'],
    ['<b>&amp;', '&lt;b&gt;&amp;amp;'],
    ['a | b', 'a \\| b'],
    ['[x](y)', '\\[x\\](y)'],
    ['# title', '\\# title'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['---', '\\---'],
    ['_em_ ~~del~~', '\\_em\\_ \\~\\~del\\~~'],
  ])('disarms %s', (raw, escaped) => {
    expect(text(raw)).toBe(escaped);
  });

  it('shows exactly what was written, in one paragraph without markup', () => {
    fc.assert(
      fc.property(hostileText(), (raw) => {
        fc.pre(plain(raw) !== '');
        const html = rendered(text(raw));
        expect(html).toMatch(/^<p>[^<>]*<\/p>$/);
        expect(seen(html.slice(3, -4))).toBe(plain(raw));
      }),
      { numRuns: 3000 },
    );
  });

  it('shows exactly what was written in a table cell', () => {
    fc.assert(
      fc.property(hostileText(), (raw) => {
        const html = rendered(`| a | b |\n| - | - |\n| ${text(raw)} | end |`);
        expect(html.match(/<td>/g)?.length).toBe(2);
        expect(seen(/<td>(.*?)<\/td>/.exec(html)?.[1] ?? 'no cell')).toBe(plain(raw));
      }),
      { numRuns: 1000 },
    );
  });
});

it('shows exactly what was written inside an HTML element of ours', () => {
  fc.assert(
    fc.property(hostileText(), (raw) => {
      const html = rendered(`<details>\n<summary>${htmlText(raw)}</summary>\n\nbody\n\n</details>`);
      expect(html).not.toMatch(/<(?!\/?(details|summary|p)>)/);
      // Raw HTML is passed on as it stands; the browser decodes the separator.
      expect(seen((/<summary>(.*)<\/summary>/.exec(html)?.[1] ?? 'none').replaceAll('&#8203;', ''))).toBe(
        plain(raw),
      );
    }),
    { numRuns: 1000 },
  );
});

describe('plain', () => {
  it('is one line without terminal escapes or characters that reorder text', () => {
    expect(plain('\u001b[31mred\u001b[0m\r\n\ttext \u202egnp.exe\u200b\u0007')).toBe('red text gnp.exe');
  });

  it('removes hyperlinks of terminals whole', () => {
    expect(plain('\u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007')).toBe('link');
  });

  it('has no character that an SVG may not have', () => {
    expect(plain('a\ufffeb\uffffc\ud800d')).toBe('a\ufffdb\ufffdc\ufffdd');
  });

  it('cuts what nobody would read', () => {
    expect(plain('x'.repeat(5000))).toBe(`${'x'.repeat(599)}…`);
  });
});
