/** Links and images of a comment. Addresses come from GitHub and from us, but a path may hold a stranger's words. */
import type { Block } from './blocks.ts';
import { WIDTH } from './charts/frame.ts';
import { attributeText, text } from './escape.ts';

export interface WebLink {
  readonly label: string;
  readonly url: string;
}

/** An image in two colour schemes; the light one is shown where the reader's is unknown. */
export interface ChartImage {
  /** As in `chartsOf`, e.g. `forest-1`. */
  readonly name: string;
  /** What it shows, for who cannot see it. */
  readonly alt: string;
  readonly light: string;
  readonly dark: string;
}

/** `Report · Workflow run`; links whose address is no web address are shown as words. */
export function linkLine(links: readonly WebLink[]): Block {
  return links
    .map(({ label, url }) => {
      const address = webAddress(url);
      return address === null ? text(label) : `[${text(label)}](${address})`;
    })
    .join(' · ');
}

/** GitHub chooses the source by the reader's theme. Null when an address is no web address. */
export function image({ alt, light, dark }: Omit<ChartImage, 'name'>): Block | null {
  const [lightAddress, darkAddress] = [webAddress(light), webAddress(dark)];
  if (lightAddress === null || darkAddress === null) return null;
  return [
    '<picture>',
    `<source media="(prefers-color-scheme: dark)" srcset="${darkAddress}">`,
    `<img alt="${attributeText(alt)}" src="${lightAddress}" width="${WIDTH}">`,
    '</picture>',
  ].join('\n');
}

/** Nothing is left in it that ends an attribute, a markdown link or a table cell. */
function webAddress(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  // `encodeURIComponent` leaves parentheses and apostrophes as they are.
  const encode = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return href.replace(/[()<>"'`|\\]/g, encode).replaceAll('&', '&amp;');
}
