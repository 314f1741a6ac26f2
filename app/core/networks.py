"""Network addresses: what of one tells a subscriber apart from another."""

from ipaddress import ip_address, ip_network


def network_of(address: str) -> str:
    """Return the network that one subscriber has: an IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    # A server that listens on both names an IPv4 address so (RFC 4291, 2.5.5.2).
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
