/** Keys and certificates of tests; nothing else trusts them. */

/** A key and its certificate. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Self-signed for localhost, valid for a hundred years. */
export const VALID: Certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEc7dk0USWLLEjoPu
pphpryYSNtZIb8c2lHbK23bGFjehRANCAAS6XH0ohLYituyypL6usdnEJTHTvd7H
nOtOiR+39z57V0HBbG0eBJVLksYDxnrtBiOmhGIsuiY2txS2lTCEwQVl
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUAhxbgTPPVPd0xsrDznlkDqTKgM0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzEzMTAyOFoYDzIxMjYxMTAz
MTMxMDI4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS6XH0ohLYituyypL6usdnEJTHTvd7HnOtOiR+39z57V0HBbG0eBJVL
ksYDxnrtBiOmhGIsuiY2txS2lTCEwQVlo1MwUTAdBgNVHQ4EFgQUiOmq/ZZRTIKv
ME24vFKuDS7N92EwHwYDVR0jBBgwFoAUiOmq/ZZRTIKvME24vFKuDS7N92EwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAu9fFFFPkA7/D3k4ZILIM
PhHWqagDcfRFmdHViliaE3YCIQCdKXtQ2mxWgv3G1m/2BWiJoMrU/Cnor6JcKJzV
k1Bufg==
-----END CERTIFICATE-----`,
};

/** Self-signed for localhost, valid for the first of January 2020. */
export const EXPIRED: Certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbfEGS57nlw8K8LqM
9Zs2cjlEVxZF1y0kMYjjgcIX8uOhRANCAAQfjtIGrPrFuOhRHUNnVeQrRt+TFYqo
yh3ke+MAjYWzqoSb7dhvUcq9w7Xj2T66InAe0bKlVmHLo8KAFHF9TxT0
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBEDCBtgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwHhcN
MjAwMTAxMDAwMDAwWhcNMjAwMTAyMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQfjtIGrPrFuOhRHUNnVeQrRt+T
FYqoyh3ke+MAjYWzqoSb7dhvUcq9w7Xj2T66InAe0bKlVmHLo8KAFHF9TxT0MAoG
CCqGSM49BAMCA0kAMEYCIQDoALU4P6foSRHenyv0kRxUmQFdKgRV0qSLoUVETJGg
VAIhAK/ppMvxK/LkXCw/vok4MNEiB7ewnkGCtVP80axrqyEv
-----END CERTIFICATE-----`,
};
