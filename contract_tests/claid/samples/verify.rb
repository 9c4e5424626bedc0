# Verify the signature of a Claid webhook: `ruby verify.rb SECRET SIGNATURE < body`.
require "openssl"

def genuine?(body, secret, signature)
  made = "sha256=" + OpenSSL::HMAC.hexdigest("SHA256", secret, body)
  OpenSSL.secure_compare(made, signature)
end

puts genuine?($stdin.binmode.read, *ARGV)
