import type { AuditAction } from '#lib/gql/generated.ts'

/** Who did it stands before; whom it concerns, after. */
export const ACTIONS: Record<AuditAction, string> = {
  SIGNED_UP: 'made an account',
  SIGNED_IN: 'signed in',
  SIGN_IN_REFUSED: 'was refused to sign in',
  SIGNED_OUT: 'signed out',
  REFRESH_TOKEN_REPLAYED: 'lost a sign-in to a replayed token',
  PROFILE_CHANGED: 'changed the profile',
  EMAIL_CHANGED: 'changed the e-mail address',
  PASSWORD_CHANGED: 'changed the password',
  PASSWORD_RESET_SENT: 'sent a password link',
  PASSWORD_RESET: 'chose a new password by mail',
  SECOND_FACTOR_ADDED: 'added a second factor',
  SECOND_FACTOR_REMOVED: 'removed a second factor',
  RECOVERY_CODE_USED: 'used a recovery code',
  RECOVERY_CODES_RENEWED: 'renewed the recovery codes',
  TOKEN_CREATED: 'created a token',
  TOKEN_REVOKED: 'revoked a token',
  USER_INVITED: 'invited somebody',
  INVITATION_REVOKED: 'took an invitation back',
  INVITATION_ACCEPTED: 'accepted an invitation',
  USER_PROMOTED: 'made an administrator',
  USER_DEMOTED: 'unmade an administrator',
  USER_DISABLED: 'switched an account off',
  USER_ENABLED: 'switched an account on',
  USER_DELETED: 'deleted an account',
  TEAM_CREATED: 'made a team',
  TEAM_CHANGED: 'changed a team',
  TEAM_MEMBERS_CHANGED: 'changed the members',
  TEAM_DELETED: 'deleted a team',
  ACCESS_CHANGED: 'changed access',
  MAIL_RETRIED: 'sent a mail again',
  CATALOGUE_CHANGED: 'changed the catalogue',
}

/** Refusals and endings, which an auditor looks for first. */
export const GRAVE: AuditAction[] = [
  'SIGN_IN_REFUSED',
  'REFRESH_TOKEN_REPLAYED',
  'RECOVERY_CODE_USED',
  'USER_DELETED',
  'TEAM_DELETED',
]
