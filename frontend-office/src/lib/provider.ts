/** Where the provider of the office ends its own session, after signing out here. It holds a token, so it is in no address of ours. */
export const providerLogout: { url: string | undefined } = { url: undefined }
