"""What both ends of the uplink have to agree on, beside remote write itself."""

OFFICE_URI = "urn:communewatch:office:"  # and the office's id: the URI in a certificate's subjectAltName (RFC 8141)
WRITE_PATH = "/api/v1/write"  # where remote write comes in, as at Prometheus
CERTIFICATE_PATH = "/v1/certificate"  # where an office asks for its next certificate: a request in, a certificate out
