const longestSide = 2400

/**
 * A photo as JPEG, upright and no larger than a page needs; undefined where this browser cannot read it. Every Apple
 * device can; elsewhere the photo goes as it is.
 */
export async function asJpeg(file: File): Promise<File | undefined> {
  try {
    const photo = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, longestSide / Math.max(photo.width, photo.height))
    const canvas = new OffscreenCanvas(Math.round(photo.width * scale), Math.round(photo.height * scale))
    const context = canvas.getContext('2d')
    if (!context) return undefined
    context.drawImage(photo, 0, 0, canvas.width, canvas.height)
    photo.close()
    const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.82 })
    if (jpeg.type !== 'image/jpeg') return undefined
    return new File([jpeg], file.name.replace(/\.hei[cf]$/i, '.jpg'), { type: jpeg.type, lastModified: file.lastModified })
  } catch {
    return undefined
  }
}
