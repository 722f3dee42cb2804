import type { Deployment } from '../cloud/cloud.ts';

type Endpoints = Pick<Deployment, 'endpoints' | 'alternates'>;

/** Whether the variant's slot of the block goes to its second function. */
export function isAlternate({ alternates }: Endpoints, variant: string, block: number): boolean {
  return block % 2 === 1 && alternates?.has(variant) === true;
}

/** URL that the variant's slot of the block is sent to. */
export function endpointOf(deployment: Endpoints, variant: string, block: number): string | undefined {
  const { endpoints, alternates } = deployment;
  return (isAlternate(deployment, variant, block) ? alternates : endpoints)?.get(variant);
}
