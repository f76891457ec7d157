import { removeHeaderPhoto, removeLogo } from '#/api/generated/sdk.gen'
import { client } from '#/api/generated/client.gen'
import type { Organisation } from '#/api/generated/types.gen'

export const maxPictureBytes = 2_097_152

type Picture = 'logo' | 'header-photo'

/** The picture itself is the body, so it never becomes text on the way. */
export async function putPicture(which: Picture, file: File): Promise<Organisation> {
  const { data } = await client.put<{ 200: Organisation }, unknown, true>({
    url: `/organisation/${which}`,
    body: file,
    bodySerializer: null,
    headers: { 'Content-Type': file.type },
    throwOnError: true,
  })
  return data
}

export async function removePicture(which: Picture): Promise<void> {
  await (which === 'logo' ? removeLogo({ throwOnError: true }) : removeHeaderPhoto({ throwOnError: true }))
}
