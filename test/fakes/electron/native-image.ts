import { readFileSync, existsSync } from 'node:fs';
import type * as Electron from 'electron';

const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

interface Picture {
  width: number;
  height: number;
  bytes: Buffer;
}

const known = new WeakSet<object>();
/** Whether some value is an image of this fake. */
export const isImage = (value: unknown): value is Electron.NativeImage => typeof value === 'object' && value !== null && known.has(value);

/** Reads the size of a PNG, or of the largest picture in an ICO; null: no picture. */
function decode(bytes: Buffer): Picture | null {
  if (bytes.length >= 24 && bytes.subarray(0, 8).equals(pngStart)) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), bytes };
  if (bytes.length >= 22 && bytes.readUInt32LE(0) === 0x10000) {
    const sizes = Array.from({ length: bytes.readUInt16LE(4) }, (_, at) => bytes.readUInt8(6 + 16 * at) || 256);
    const side = Math.max(0, ...sizes);
    return side > 0 ? { width: side, height: side, bytes } : null;
  }
  return null;
}

function read(file: string): Picture | null {
  try {
    return decode(readFileSync(file));
  } catch {
    return null;
  }
}

function createImage(pictures: Map<number, Picture>, file: string | null): Electron.NativeImage {
  // Electron takes a name that ends in "Template" as the mark of a template image.
  let template = file !== null && /Template(@\dx)?\.\w+$/.test(file);
  const largest = () => [...pictures.entries()].sort(([a], [b]) => a - b)[0];
  const size = (): Electron.Size => {
    const [scale, picture] = largest() ?? [1, null];
    return picture ? { width: Math.round(picture.width / scale), height: Math.round(picture.height / scale) } : { width: 0, height: 0 };
  };
  const image = {
    isEmpty: () => pictures.size === 0,
    getSize: size,
    getAspectRatio: () => (size().height === 0 ? 1 : size().width / size().height),
    getScaleFactors: () => [...pictures.keys()].sort((a, b) => a - b),
    isTemplateImage: () => template,
    setTemplateImage: (on: boolean) => void (template = on),
    toPNG: () => largest()?.[1].bytes ?? Buffer.alloc(0),
    toDataURL: () => `data:image/png;base64,${(largest()?.[1].bytes ?? Buffer.alloc(0)).toString('base64')}`,
    addRepresentation({ scaleFactor = 1, buffer, dataURL }: Electron.AddRepresentationOptions) {
      const bytes = buffer ?? (dataURL === undefined ? null : Buffer.from(dataURL.slice(dataURL.indexOf(',') + 1), 'base64'));
      const picture = bytes === null ? null : decode(bytes);
      if (picture) pictures.set(scaleFactor, picture);
    },
    resize({ width, height }: Electron.ResizeOptions) {
      const was = size();
      const bytes = largest()?.[1].bytes;
      if (!bytes) return createImage(new Map(), null);
      const next = { width: width ?? Math.round((was.width * (height ?? 0)) / was.height), height: height ?? Math.round((was.height * (width ?? 0)) / was.width), bytes };
      return createImage(new Map([[1, next]]), null);
    },
  } satisfies Partial<Electron.NativeImage>;
  known.add(image);
  Object.defineProperty(image, 'isMacTemplateImage', { get: () => template, set: (on: boolean) => void (template = on) });
  return Object.assign(image, { file }) as unknown as Electron.NativeImage;
}

/** The file an image was made from, for a test to ask. */
export const fileOf = (image: unknown): string | null => (typeof image === 'string' ? image : ((image as { file?: string | null } | null)?.file ?? null));

export function createNativeImage() {
  const nativeImage = {
    createEmpty: () => createImage(new Map(), null),
    createFromPath(file: string) {
      const pictures = new Map<number, Picture>();
      const plain = read(file);
      if (plain) pictures.set(1, plain);
      const twice = file.replace(/(\.\w+)$/, '@2x$1');
      const large = plain && existsSync(twice) ? read(twice) : null;
      if (large) pictures.set(2, large);
      return createImage(pictures, file);
    },
    createFromBuffer(buffer: Buffer, { scaleFactor = 1 }: Electron.CreateFromBufferOptions = {}) {
      const picture = decode(buffer);
      return createImage(picture ? new Map([[scaleFactor, picture]]) : new Map(), null);
    },
    createFromDataURL(dataURL: string) {
      const picture = decode(Buffer.from(dataURL.slice(dataURL.indexOf(',') + 1), 'base64'));
      return createImage(picture ? new Map([[1, picture]]) : new Map(), null);
    },
  } satisfies Partial<typeof Electron.nativeImage>;
  return nativeImage as unknown as typeof Electron.nativeImage;
}
