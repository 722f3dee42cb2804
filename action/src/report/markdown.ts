import type { Result } from '../result.ts';
import { type Block, documentOf } from './blocks.ts';
import { artifactSection } from './sections/artifacts.ts';
import { attributionSection } from './sections/attribution.ts';
import { claimSection } from './sections/claim.ts';
import { coldSection } from './sections/cold.ts';
import { costSection } from './sections/cost.ts';
import { gateSection, warningSection } from './sections/gates.ts';
import { importSection } from './sections/import.ts';
import { memorySection } from './sections/memory.ts';
import { methodSection } from './sections/method.ts';
import { minutesSection } from './sections/minutes.ts';
import { networkSection } from './sections/network.ts';
import { opening } from './sections/opening.ts';
import { pairSections } from './sections/pair-table.ts';
import { provenanceSection } from './sections/provenance.ts';
import { soakSection } from './sections/soak.ts';
import { sweepSection } from './sections/sweep.ts';
import { variantSections } from './sections/variants.ts';

/** The sections in the order a reader needs them; one with nothing to say is left out. */
const SECTIONS: readonly ((result: Result) => Block[])[] = [
  opening,
  importSection,
  sweepSection,
  pairSections,
  variantSections,
  coldSection,
  costSection,
  memorySection,
  artifactSection,
  attributionSection,
  networkSection,
  claimSection,
  soakSection,
  minutesSection,
  gateSection,
  warningSection,
  methodSection,
  provenanceSection,
];

/** `report.md`: GitHub-flavoured markdown from the result alone; the same result gives the same bytes. */
export function renderMarkdown(result: Result): string {
  return documentOf(SECTIONS.flatMap((section) => section(result)));
}
