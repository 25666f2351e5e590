/** The page's permission to add style sheets; without it the security policy drops them. */

/** Returns the nonce that the server wrote into the page, or an empty text. */
export function styleNonce(): string {
  return document.getElementById("root")?.dataset.styleNonce ?? "";
}
