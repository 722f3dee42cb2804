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

/** The same colour for a variant in every chart of a result: by its place in it. */
export function variantColour(
  result: { readonly variants: readonly { readonly name: string }[] },
  name: string,
  theme: Theme,
): string {
  const place = result.variants.findIndex((variant) => variant.name === name);
  return place < 0 ? theme.muted : theme.variants[place % theme.variants.length]!;
}

/** Text on a filled mark: black or white, whichever has more contrast (WCAG 2 relative luminance). */
export function inkOn(colour: string): string {
  return luminance(colour) > 0.179 ? '#000000' : '#ffffff';
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
