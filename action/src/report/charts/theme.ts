/** Colours and type of every chart. Both themes bring their background, so a picture is readable wherever it is shown. */
export interface Theme {
  readonly name: 'light' | 'dark';
  readonly background: string;
  readonly ink: string;
  /** Axis labels and remarks: at least 4.5:1 on the background. */
  readonly muted: string;
  readonly grid: string;
  /** Differences too small to matter. */
  readonly band: string;
  /** What no variant decides, told apart by lightness; the order is that of a stack. */
  readonly shared: readonly string[];
  /** Variants in the order of the result. */
  readonly variants: readonly string[];
}

/**
 * Variant colours are from Okabe & Ito (2008), "Color universal design", told apart in every form of colour blindness;
 * in each theme those of its set that stand out from the background, in the same order of hues.
 */
const LIGHT: Theme = {
  name: 'light',
  background: '#ffffff',
  ink: '#1f2328',
  muted: '#59636e',
  grid: '#d8dee4',
  band: '#e7ebef',
  shared: ['#d0d7de', '#a5afba', '#7a8590', '#57606a'],
  variants: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000'],
};

const DARK: Theme = {
  name: 'dark',
  background: '#0d1117',
  ink: '#f0f6fc',
  muted: '#9198a1',
  grid: '#30363d',
  band: '#21262d',
  shared: ['#3d444d', '#656c76', '#8d96a0', '#b7bec6'],
  variants: ['#56b4e9', '#e69f00', '#009e73', '#cc79a7', '#0072b2', '#d55e00', '#ffffff'],
};

export const THEMES: readonly Theme[] = [LIGHT, DARK];

interface Coloured {
  readonly variants: readonly { readonly name: string; readonly cellOf?: string | undefined }[];
}

/**
 * The same colour for a variant in every chart of a result: by its place in it. Cells of a sweep have the hue of their
 * variant, the first of them the purest.
 */
export function variantColour({ variants }: Coloured, name: string, theme: Theme): string {
  const variant = variants.find((each) => each.name === name);
  if (variant === undefined) return theme.muted;
  const group = ({ name, cellOf = name }: Coloured['variants'][number]) => cellOf;
  const groups = [...new Set(variants.map(group))];
  const cells = variants.filter((each) => group(each) === group(variant));
  const hue = theme.variants[groups.indexOf(group(variant)) % theme.variants.length]!;
  return mixed(hue, theme.background, (cells.indexOf(variant) / cells.length) * 0.75);
}

/** The variant's colour for its name in words: moved towards the ink until it has the 4.5:1 that WCAG 2 asks of text. */
export function variantInk(result: Parameters<typeof variantColour>[0], name: string, theme: Theme): string {
  const colour = variantColour(result, name, theme);
  const steps = Array.from({ length: 10 }, (_, i) => mixed(colour, theme.ink, i / 10));
  return steps.find((candidate) => contrast(candidate, theme.background) >= 4.5) ?? theme.ink;
}

/** `share` of `other` in `colour`. */
export function mixed(colour: string, other: string, share: number): string {
  const [from, to] = [channels(colour), channels(other)];
  const bytes = from.map((value, i) => Math.round(value + (to[i]! - value) * share));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** Text on a filled mark: black or white, whichever has more contrast. */
export function inkOn(colour: string): string {
  return contrast(colour, '#000000') > contrast(colour, '#ffffff') ? '#000000' : '#ffffff';
}

/** WCAG 2 contrast ratio, 1 to 21. */
function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter! + 0.05) / (darker! + 0.05);
}

/** WCAG 2 relative luminance. */
function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((byte) => linear(byte / 255));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
