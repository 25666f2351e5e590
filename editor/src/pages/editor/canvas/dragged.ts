/** How a node travels from the palette to the canvas: as JSON, under a type of our own. */

export const NODE_MIME = "application/x-celeriac-node";
