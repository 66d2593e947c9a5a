import { AppFamily } from '../../families.ts'
import { installed, managed } from './row.ts'

const { AUTH } = AppFamily

/** What knows people and keeps secrets. */
export const identity = [
  ...installed([
    ['Keycloak', AUTH, 'oidc', 'saml'],
    ['Authentik', AUTH, 'oidc', 'saml'],
    ['Authelia', AUTH, 'oidc'],
    ['Zitadel', AUTH, 'oidc', 'saml'],
    ['Dex', AUTH, 'oidc'],
    ['Ory Kratos', AUTH],
    ['Ory Hydra', AUTH, 'oidc'],
    ['OpenLDAP', AUTH, 'ldap'],
    ['389 Directory Server', AUTH, 'ldap'],
    ['FreeIPA', AUTH, 'ldap', 'kerberos'],
    ['Microsoft Active Directory', AUTH, 'ldap', 'kerberos', 'windows'],
    ['Active Directory Federation Services', AUTH, 'saml', 'windows'],
    ['Shibboleth', AUTH, 'saml'],
    ['Apereo CAS', AUTH],
    ['FreeRADIUS', AUTH, 'radius'],
    ['Oracle Access Management', AUTH],
    ['WSO2 Identity Server', AUTH, 'oidc', 'saml'],
    ['PingFederate', AUTH, 'oidc', 'saml'],
    ['HashiCorp Vault', AUTH, 'secrets'],
    ['OpenStack Keystone', AUTH, 'openstack'],
  ]),
  ...managed([
    ['Auth0', AUTH, 'oidc', 'saml'],
    ['Okta', AUTH, 'oidc', 'saml'],
    ['OneLogin', AUTH, 'oidc', 'saml'],
    ['Duo Security', AUTH, 'second-factor'],
    ['JumpCloud', AUTH, 'ldap'],
    ['Microsoft Entra ID', AUTH, 'oidc', 'saml', 'azure'],
    ['Amazon Cognito', AUTH, 'oidc', 'aws'],
    ['AWS IAM Identity Center', AUTH, 'saml', 'aws'],
    ['AWS Directory Service', AUTH, 'ldap', 'aws'],
    ['Google Cloud Identity', AUTH, 'oidc', 'google'],
    ['Firebase Authentication', AUTH, 'oidc', 'google'],
    ['Clerk', AUTH, 'oidc'],
    ['Stytch', AUTH],
    ['WorkOS', AUTH, 'saml'],
  ]),
]
