"""Signing in through an organisation's identity provider: OpenID Connect, the authorization code flow with PKCE.

Nothing here opens a connection unless somebody signs in (or out) this way. What the provider says of a person
becomes an account by `review.accounts.sign_in_vouched`.
"""
