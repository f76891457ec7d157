import type { Organisation } from '#/api/generated/types.gen'

export type BrandingDraft = Pick<
  Organisation,
  | 'name'
  | 'tagline'
  | 'brandColour'
  | 'headerImage'
  | 'welcomeTitle'
  | 'welcomeText'
  | 'formOfAddress'
  | 'email'
  | 'phone'
  | 'openingHours'
  | 'customersNeedSecondFactor'
  | 'inviteMembers'
  | 'codeLogin'
>

/** The part of the office that the editor changes. */
export function draftOf(organisation: Organisation): BrandingDraft {
  const {
    name,
    tagline,
    brandColour,
    headerImage,
    welcomeTitle,
    welcomeText,
    formOfAddress,
    email,
    phone,
    openingHours,
    customersNeedSecondFactor,
    inviteMembers,
    codeLogin,
  } = organisation
  return {
    name,
    tagline,
    brandColour,
    headerImage,
    welcomeTitle,
    welcomeText,
    formOfAddress,
    email,
    phone,
    openingHours,
    customersNeedSecondFactor,
    inviteMembers,
    codeLogin,
  }
}
