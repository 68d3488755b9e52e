// The smallest that still are a picture and a sound.

/** A red pixel. */
export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
/** No samples at all. */
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

export const text = (words: string) => ({ type: 'text', text: words }) as const;
export const image = { type: 'image', data: png, mimeType: 'image/png' } as const;
export const audio = { type: 'audio', data: wav, mimeType: 'audio/wav' } as const;
export const embedded = (uri: string, words: string, mimeType = 'text/plain') =>
  ({ type: 'resource', resource: { uri, mimeType, text: words } }) as const;
