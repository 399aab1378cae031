import type { Brand } from './brand.ts'

/** Of a seller who has said nothing but a name. */
export const plainBrand: Brand = {
  name: 'Persona',
  logoUrl: null,
  color: '#0a6b4b',
  onColor: '#ffffff',
  colorOnLight: '#0a6b4b',
  colorOnDark: '#52d8a1',
  termsUrl: null,
  privacyUrl: null,
  supportUrl: null,
  supportEmail: null,
}

export const fullBrand: Brand = {
  ...plainBrand,
  logoUrl: 'http://127.0.0.1:4000/brand/019ac000-0000-7000-8000-000000000001/logo-0123456789abcdef0123456789abcdef.png',
  color: '#7c3aed',
  colorOnLight: '#7c3aed',
  colorOnDark: '#9b6aff',
  termsUrl: 'https://persona.example/terms',
  privacyUrl: 'https://persona.example/privacy',
  supportUrl: 'https://persona.example/help',
  supportEmail: 'help@persona.example',
}
