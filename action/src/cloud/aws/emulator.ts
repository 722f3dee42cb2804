/**
 * Function URLs of an emulator: it answers for every host at its own address, by the path that LocalStack's and
 * ministack's share.
 *
 * @param endpoint what `AWS_ENDPOINT_URL` says
 * @param url as AWS would have it, e.g. `https://ID.lambda-url.us-east-1.on.aws/`
 */
export function emulatedUrl(endpoint: string, url: string): string {
  return new URL(`/_aws/lambda-url/${new URL(url).hostname.split('.')[0]}/`, endpoint).href;
}
