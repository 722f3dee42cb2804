/**
 * Whatever a report shows may have been written by a stranger: a variant's name, a compiler's words, a warning. Here it
 * becomes text and nothing but text, for GitHub's markdown and for a terminal.
 */

/** A report is read by people: longer texts are cut, the whole of them stands in result.json. */
const LONGEST = 600;

/** One line of visible characters: no control codes (so no terminal escapes) and no characters that reorder text. */
export function plain(raw: string): string {
  const line = raw
    // OSC and CSI sequences whole (ECMA-48), so that their parameters do not stay behind as rubbish.
    .replace(/(?!\s)\p{Cc}\][^\p{Cc}]*\p{Cc}\\?/gu, '')
    .replace(/(?!\s)\p{Cc}\[[0-?]*[ -/]*[@-~]/gu, '')
    // Halves of characters, and what XML has no place for (XML 1.0, 2.2).
    .replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    // Bidirectional controls, zero-width characters and other invisible format characters.
    .replace(/\p{Cf}/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : line;
}

/** GitHub makes links of these after it has parsed the markdown, so a backslash is no help: a zero-width space is. */
const SPLIT = '&#8203;';

/** Text for a paragraph, heading, list item or table cell. Never at home in a code span, an attribute or a URL. */
export function text(raw: string): string {
  const escaped = withoutHtml(plain(raw))
    .replace(/[\\`*[\]{}|$]/g, '\\$&')
    // Inside a word an underscore is one; before a space a tilde is one, and a table's "no verdict".
    .replace(/(?<![a-z0-9])_|_(?![a-z0-9])/gi, '\\_')
    .replace(/~(?!\s|$)/g, '\\~')
    // What would open a heading, a list, a rule or a setext underline if a block began with it.
    .replace(/^(#{1,6}|[-+])(?=\s|$)|^[-=](?=[-= ]*$)/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
  return withoutLinks(escaped);
}

/** Text inside an HTML element of ours, where markdown is not read and a backslash would be shown. */
export function htmlText(raw: string): string {
  return withoutLinks(withoutHtml(plain(raw)));
}

/** Text inside a double-quoted attribute of an HTML element of ours. */
export function attributeText(raw: string): string {
  return htmlText(raw).replaceAll('"', '&quot;');
}

function withoutHtml(line: string): string {
  return line.replace(/[&<>]/g, (character) => ENTITIES[character] ?? '');
}

/** Mentions, e-mail addresses, issue numbers, bare URLs, emoji. */
function withoutLinks(line: string): string {
  return line
    .replace(/@(?=\S)|#(?=\w)/g, `$&${SPLIT}`)
    .replace(/:(?=\/\/|[a-z+_-][a-z0-9+_-]*:)/gi, `:${SPLIT}`)
    .replace(/(www|mailto|xmpp|gh)(?=[.:-])/gi, `$1${SPLIT}`);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
