"""UnionHome (职工之家): a platform on which a city federation of trade unions serves its workers."""
